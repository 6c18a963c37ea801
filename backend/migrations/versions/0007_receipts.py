"""Add receipts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


_APPEND_ONLY = ('receipt_entry', 'receipt_tree_head')
_SQLITE = """
CREATE TRIGGER {table}_keeps_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log of receipts is only added to'); END
"""
_FUNCTION = """
CREATE FUNCTION refuse_receipt_log_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of receipts is only added to'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_receipt_log_change()
"""


def upgrade() -> None:
    """Apply."""
    op.create_table('receipt_entry',
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('leaf_hash', sa.LargeBinary(), nullable=False),
    sa.Column('subtree_hashes', sa.LargeBinary(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_receipt_entry'))
    )
    op.create_table('receipt_tree_head',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('tree_size', sa.BigInteger(), nullable=False),
    sa.Column('root_hash', sa.LargeBinary(), nullable=False),
    sa.Column('consistency_proof', sa.LargeBinary(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_receipt_tree_head'))
    )
    op.create_table('receipt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('kind', sa.Enum('APPROVED_OPERATION', 'CUSTOMER_NUMBER_LINK', name='receiptkind', native_enum=False, length=40), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('content', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('root_hash', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_receipt_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('position', name=op.f('uq_receipt_position'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index('ix_receipt_in_order', ['customer_id', 'position'], unique=False)

    if op.get_bind().dialect.name == 'sqlite':
        for table in _APPEND_ONLY:
            for event in ('UPDATE', 'DELETE'):
                op.execute(_SQLITE.format(table=table, event=event))
        return
    op.execute(_FUNCTION)
    for table in _APPEND_ONLY:
        op.execute(_POSTGRESQL.format(table=table))


def downgrade() -> None:
    """Take back; the triggers go with their tables."""
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index('ix_receipt_in_order')

    op.drop_table('receipt')
    op.drop_table('receipt_tree_head')
    op.drop_table('receipt_entry')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION refuse_receipt_log_change()')
