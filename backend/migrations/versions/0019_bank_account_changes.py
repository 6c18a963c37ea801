"""Count the versions of bank accounts, and keep what customers change of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('sepa_mandate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('starts_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('ended_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('ended_by', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('change_uid', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('text_version', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('text_sha256', sa.String(), nullable=True))
        batch_op.create_index(batch_op.f('ix_sepa_mandate_change_uid'), ['change_uid'], unique=False)

    with op.batch_alter_table('bank_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.BigInteger(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('state', sa.String(length=40), server_default='CONFIRMED', nullable=False))
        batch_op.add_column(sa.Column('change_uid', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('refused_because', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('mandate_id', _BIG_ID, nullable=True))
    # The accounts that a contract had so far, counted in the order in which feeds named them.
    op.execute(
        'UPDATE bank_account SET version = (SELECT count(*) FROM bank_account AS earlier '
        'WHERE earlier.contract_id = bank_account.contract_id '
        'AND earlier.purpose = bank_account.purpose AND earlier.id <= bank_account.id)'
    )
    with op.batch_alter_table('bank_account', schema=None) as batch_op:
        batch_op.alter_column('version', server_default=None)
        batch_op.alter_column('state', server_default=None)
        batch_op.drop_index('ix_bank_account_contract_id_purpose')
        batch_op.create_unique_constraint(
            batch_op.f('uq_bank_account_contract_id_purpose_version'),
            ['contract_id', 'purpose', 'version'],
        )
        batch_op.create_index(batch_op.f('ix_bank_account_change_uid'), ['change_uid'], unique=False)
        batch_op.create_index(batch_op.f('ix_bank_account_mandate_id'), ['mandate_id'], unique=False)
        batch_op.create_foreign_key(
            batch_op.f('fk_bank_account_mandate_id_sepa_mandate'),
            'sepa_mandate', ['mandate_id'], ['id'], ondelete='SET NULL',
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('bank_account', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_bank_account_mandate_id_sepa_mandate'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_bank_account_mandate_id'))
        batch_op.drop_index(batch_op.f('ix_bank_account_change_uid'))
        batch_op.drop_constraint(batch_op.f('uq_bank_account_contract_id_purpose_version'), type_='unique')
        batch_op.create_index('ix_bank_account_contract_id_purpose', ['contract_id', 'purpose'], unique=False)
        batch_op.drop_column('mandate_id')
        batch_op.drop_column('refused_because')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('change_uid')
        batch_op.drop_column('state')
        batch_op.drop_column('version')

    with op.batch_alter_table('sepa_mandate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sepa_mandate_change_uid'))
        batch_op.drop_column('text_sha256')
        batch_op.drop_column('text_version')
        batch_op.drop_column('change_uid')
        batch_op.drop_column('ended_by')
        batch_op.drop_column('ended_on')
        batch_op.drop_column('starts_on')
