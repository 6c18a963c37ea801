"""Add print orders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('print_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('print_job', sa.String(), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_print_order_document_id_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_order')),
    sa.UniqueConstraint('document_id', name=op.f('uq_print_order_document_id'))
    )
    with op.batch_alter_table('print_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_print_order_print_job'), ['print_job'], unique=False)
        batch_op.create_index('ix_print_order_waiting', ['id'], unique=False, sqlite_where=sa.text('print_job IS NULL AND failed_at IS NULL'), postgresql_where=sa.text('print_job IS NULL AND failed_at IS NULL'))

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_paper_only', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_column('is_paper_only')

    with op.batch_alter_table('print_order', schema=None) as batch_op:
        batch_op.drop_index('ix_print_order_waiting', sqlite_where=sa.text('print_job IS NULL AND failed_at IS NULL'), postgresql_where=sa.text('print_job IS NULL AND failed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_print_order_print_job'))

    op.drop_table('print_order')
