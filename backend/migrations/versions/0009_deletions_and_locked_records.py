"""Add deletions and locked records"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('account_deletion',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_uid', sa.String(), nullable=False),
    sa.Column('reason', sa.Enum('SELF_SERVICE', 'CUSTOMER_SERVICE', 'WITHDRAWAL', 'RESTORED', name='deletionreason', native_enum=False, length=40), nullable=False),
    sa.Column('work', sa.LargeBinary(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rows_deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_deletion')),
    sa.UniqueConstraint('customer_uid', name=op.f('uq_account_deletion_customer_uid'))
    )
    op.create_table('applied_deletion',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applied_deletion'))
    )
    op.create_table('deletion_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('requested_by', sa.String(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_deletion_request_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deletion_request')),
    sa.UniqueConstraint('customer_id', name=op.f('uq_deletion_request_customer_id'))
    )
    with op.batch_alter_table('deletion_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deletion_request_expires_at'), ['expires_at'], unique=False)

    op.create_table('former_customer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_former_customer_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_customer')),
    sa.UniqueConstraint('uid', name=op.f('uq_former_customer_uid'))
    )
    with op.batch_alter_table('former_customer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_customer_customer_id'), ['customer_id'], unique=False)

    op.create_table('retained_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('ACCOUNTING', 'HEALTH_BENEFIT', 'PHONE_CONSENT', 'WITHDRAWAL_PROOF', name='retainedkind', native_enum=False, length=40), nullable=False),
    sa.Column('institution_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('retained_until', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_retained_record_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retained_record')),
    sa.UniqueConstraint('source', name=op.f('uq_retained_record_source'))
    )
    with op.batch_alter_table('retained_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retained_record_retained_until'), ['retained_until'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('retained_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retained_record_retained_until'))

    op.drop_table('retained_record')
    with op.batch_alter_table('former_customer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_former_customer_customer_id'))

    op.drop_table('former_customer')
    with op.batch_alter_table('deletion_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deletion_request_expires_at'))

    op.drop_table('deletion_request')
    op.drop_table('applied_deletion')
    op.drop_table('account_deletion')
