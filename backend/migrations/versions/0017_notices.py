"""Add notices"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Enum('MAIL', 'PUSH', name='noticechannel', native_enum=False, length=40), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('email_address', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.Enum('REFUSED', 'GIVEN_UP', 'BOUNCED', name='noticefailure', native_enum=False, length=40), nullable=True),
    sa.Column('detail', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_notice_customer_id_customer')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_notice_document_id_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('message_id', name=op.f('uq_notice_message_id'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_document_id'), ['document_id'], unique=False)
        batch_op.create_index('ix_notice_failed', ['customer_id', 'failed_at'], unique=False, sqlite_where=sa.text('failed_at IS NOT NULL'), postgresql_where=sa.text('failed_at IS NOT NULL'))
        batch_op.create_index('ix_notice_to', ['customer_id', 'email_address', 'announced_at'], unique=False)

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_downloaded_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_column('first_downloaded_at')

    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_to')
        batch_op.drop_index('ix_notice_failed', sqlite_where=sa.text('failed_at IS NOT NULL'), postgresql_where=sa.text('failed_at IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_notice_document_id'))

    op.drop_table('notice')
