"""Add self-added contracts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('self_added_contract',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_of_business', sa.Enum('LIFE', 'PENSION', 'HEALTH', 'TRAVEL_HEALTH', 'ACCIDENT', 'LIABILITY', 'MOTOR', 'LEGAL_PROTECTION', 'HOUSEHOLD', 'RESIDENTIAL_BUILDING', 'TRAVEL', 'OTHER', name='lineofbusiness', native_enum=False, length=40), nullable=False),
    sa.Column('company', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('premium_amount', sa.BigInteger(), nullable=True),
    sa.Column('premium_currency', sa.String(), nullable=False),
    sa.Column('payment_frequency', sa.Enum('MONTHLY', 'QUARTERLY', 'HALF_YEARLY', 'YEARLY', 'SINGLE', 'NONE', 'OTHER', name='paymentfrequency', native_enum=False, length=40), nullable=False),
    sa.Column('main_due_date', sa.Date(), nullable=True),
    sa.Column('start_date', sa.Date(), nullable=True),
    sa.Column('end_date', sa.Date(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_self_added_contract_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_added_contract'))
    )
    with op.batch_alter_table('self_added_contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_self_added_contract_customer_id'), ['customer_id'], unique=False)

    op.create_table('self_added_document',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('object_key', sa.String(), nullable=False),
    sa.Column('key_owner', sa.String(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_contract_id'], ['self_added_contract.id'], name=op.f('fk_self_added_document_added_contract_id_self_added_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_added_document')),
    sa.UniqueConstraint('object_key', name=op.f('uq_self_added_document_object_key'))
    )
    with op.batch_alter_table('self_added_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_self_added_document_added_contract_id'), ['added_contract_id'], unique=False)

    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purpose', sa.Enum('MESSAGE', 'SELF_ADDED_CONTRACT', name='uploadpurpose', native_enum=False, length=40), server_default='MESSAGE', nullable=False))
        batch_op.alter_column('institution_id',
               existing_type=sa.INTEGER(),
               nullable=True)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.alter_column('institution_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('purpose')

    with op.batch_alter_table('self_added_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_self_added_document_added_contract_id'))

    op.drop_table('self_added_document')
    with op.batch_alter_table('self_added_contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_self_added_contract_customer_id'))

    op.drop_table('self_added_contract')