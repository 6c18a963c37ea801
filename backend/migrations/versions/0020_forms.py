"""Add the forms of the download centre"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('form',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('institution_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('category', sa.Enum('CONTRACT', 'CLAIM', 'PAYMENT', 'PERSONAL_DETAILS', 'AUTHORISATION', 'OTHER', name='formcategory', native_enum=False, length=40), nullable=False),
    sa.Column('title_de', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=False),
    sa.Column('description_de', sa.String(), nullable=False),
    sa.Column('description_en', sa.String(), nullable=False),
    sa.Column('order_de', sa.String(), nullable=False),
    sa.Column('order_en', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('is_withdrawn', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('object_key', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_form_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form')),
    sa.UniqueConstraint('institution_id', 'external_id', 'version', name=op.f('uq_form_institution_id_external_id_version')),
    sa.UniqueConstraint('object_key', name=op.f('uq_form_object_key'))
    )
    op.create_table('form_word',
    sa.Column('token', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('form_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['form.id'], name=op.f('fk_form_word_form_id_form'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', 'form_id', name=op.f('pk_form_word')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('form_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_form_word_form_id'), ['form_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('form_word', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_form_word_form_id'))

    op.drop_table('form_word')
    op.drop_table('form')