"""Add proofs of consents"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('consent_text',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('locale', sa.Enum('DE', 'EN', name='locale', native_enum=False, length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_text')),
    sa.UniqueConstraint('sha256', name=op.f('uq_consent_text_sha256'))
    )
    op.create_table('product_mail',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('institution_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('mailing', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('enqueued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_product_mail_customer_id_customer')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_product_mail_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_mail')),
    sa.UniqueConstraint('customer_id', 'mailing', name=op.f('uq_product_mail_customer_id_mailing'))
    )
    with op.batch_alter_table('consent_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decided_through', sa.Enum('PORTAL', 'EMAIL_LINK', name='decisionchannel', native_enum=False, length=40), server_default='PORTAL', nullable=False))
        batch_op.add_column(sa.Column('text_sha256', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('email_address', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('user_session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_consent_decision_user_session_id'), ['user_session_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_consent_decision_user_session_id_user_session'), 'user_session', ['user_session_id'], ['id'])

    with op.batch_alter_table('delivery_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text_version', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('text_sha256', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('user_session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_delivery_decision_user_session_id'), ['user_session_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_delivery_decision_user_session_id_user_session'), 'user_session', ['user_session_id'], ['id'])



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('delivery_decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_delivery_decision_user_session_id_user_session'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_delivery_decision_user_session_id'))
        batch_op.drop_column('user_session_id')
        batch_op.drop_column('text_sha256')
        batch_op.drop_column('text_version')

    with op.batch_alter_table('consent_decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_consent_decision_user_session_id_user_session'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_consent_decision_user_session_id'))
        batch_op.drop_column('user_session_id')
        batch_op.drop_column('email_address')
        batch_op.drop_column('text_sha256')
        batch_op.drop_column('decided_through')

    op.drop_table('product_mail')
    op.drop_table('consent_text')
