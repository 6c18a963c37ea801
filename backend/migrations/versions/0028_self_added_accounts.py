"""Add self-added accounts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('self_added_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_key', sa.String(), nullable=False),
    sa.Column('iban', sa.String(), nullable=True),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('bank_name', sa.String(), nullable=True),
    sa.Column('label', sa.String(), nullable=True),
    sa.Column('currency', sa.String(), nullable=True),
    sa.Column('balance', sa.BigInteger(), nullable=True),
    sa.Column('balance_on', sa.Date(), nullable=True),
    sa.Column('balance_from', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_self_added_account_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_added_account')),
    sa.UniqueConstraint('customer_id', 'account_key', name=op.f('uq_self_added_account_customer_id_account_key'))
    )
    op.create_table('self_added_statement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('statement_key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('sequence_number', sa.BigInteger(), nullable=True),
    sa.Column('from_date', sa.Date(), nullable=True),
    sa.Column('to_date', sa.Date(), nullable=True),
    sa.Column('opening_balance', sa.BigInteger(), nullable=True),
    sa.Column('closing_balance', sa.BigInteger(), nullable=True),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_account_id'], ['self_added_account.id'], name=op.f('fk_self_added_statement_added_account_id_self_added_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_added_statement')),
    sa.UniqueConstraint('added_account_id', 'statement_key', name=op.f('uq_self_added_statement_added_account_id_statement_key'))
    )
    op.create_table('self_added_transaction',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('statement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entry_key', sa.String(), nullable=False),
    sa.Column('content_key', sa.String(), nullable=True),
    sa.Column('bank_reference', sa.String(), nullable=True),
    sa.Column('value_date', sa.Date(), nullable=False),
    sa.Column('booking_date', sa.Date(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('is_pending', sa.Boolean(), nullable=False),
    sa.Column('is_reversal', sa.Boolean(), nullable=False),
    sa.Column('counterparty_name', sa.String(), nullable=True),
    sa.Column('counterparty_iban', sa.String(), nullable=True),
    sa.Column('counterparty_iban_is_valid', sa.Boolean(), nullable=False),
    sa.Column('end_to_end_id', sa.String(), nullable=True),
    sa.Column('mandate_reference', sa.String(), nullable=True),
    sa.Column('creditor_identifier', sa.String(), nullable=True),
    sa.Column('booking_text', sa.String(), nullable=True),
    sa.Column('remittance_information', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['added_account_id'], ['self_added_account.id'], name=op.f('fk_self_added_transaction_added_account_id_self_added_account')),
    sa.ForeignKeyConstraint(['statement_id'], ['self_added_statement.id'], name=op.f('fk_self_added_transaction_statement_id_self_added_statement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_added_transaction')),
    sa.UniqueConstraint('added_account_id', 'entry_key', name=op.f('uq_self_added_transaction_added_account_id_entry_key'))
    )
    with op.batch_alter_table('self_added_transaction', schema=None) as batch_op:
        batch_op.create_index('ix_self_added_transaction_order', ['added_account_id', 'value_date', 'booking_date', 'sequence', 'id', 'is_pending', 'amount'], unique=False)
        batch_op.create_index('ix_self_added_transaction_provisional', ['added_account_id', 'is_pending', 'content_key'], unique=False, sqlite_where=sa.text('content_key IS NOT NULL'), postgresql_where=sa.text('content_key IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_self_added_transaction_statement_id'), ['statement_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('self_added_transaction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_self_added_transaction_statement_id'))
        batch_op.drop_index('ix_self_added_transaction_provisional')
        batch_op.drop_index('ix_self_added_transaction_order')

    op.drop_table('self_added_transaction')
    op.drop_table('self_added_statement')
    op.drop_table('self_added_account')
