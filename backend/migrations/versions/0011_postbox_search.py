"""Add the index of the postbox search"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('document_word',
    sa.Column('token', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_word_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', 'document_id', name=op.f('pk_document_word')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('document_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_word_document_id'), ['document_id'], unique=False)

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('indexed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_document_unindexed', ['id'], unique=False, sqlite_where=sa.text('indexed_at IS NULL'), postgresql_where=sa.text('indexed_at IS NULL'))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('ix_document_unindexed', sqlite_where=sa.text('indexed_at IS NULL'), postgresql_where=sa.text('indexed_at IS NULL'))
        batch_op.drop_column('indexed_at')

    with op.batch_alter_table('document_word', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_word_document_id'))

    op.drop_table('document_word')
