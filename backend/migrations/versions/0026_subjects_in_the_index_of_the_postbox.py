"""Hold subjects in the index of the postbox"""

from __future__ import annotations

from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

_PLACE = ['customer_id', 'received_at', 'id', 'direction', 'is_paper_only', 'archived_at', 'first_opened_at']


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('ix_document_postbox')
        batch_op.create_index('ix_document_postbox', [*_PLACE, 'subject'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('ix_document_postbox')
        batch_op.create_index('ix_document_postbox', _PLACE, unique=False)
