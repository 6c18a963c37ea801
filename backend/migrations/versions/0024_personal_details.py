"""Add changes of personal details."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('personal_details_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('institution_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('ADDRESS', 'NAME', name='personaldetailskind', native_enum=False, length=40), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Enum('PENDING', 'CONFIRMED', 'REFUSED', name='personaldetailsstate', native_enum=False, length=40), nullable=False),
    sa.Column('change_uid', sa.String(), nullable=False),
    sa.Column('submission_uid', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('street', sa.String(), nullable=True),
    sa.Column('postal_code', sa.String(), nullable=True),
    sa.Column('city', sa.String(), nullable=True),
    sa.Column('country', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('given_name', sa.String(), nullable=True),
    sa.Column('family_name', sa.String(), nullable=True),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_because', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_personal_details_change_customer_id_customer')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_personal_details_change_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_details_change')),
    sa.UniqueConstraint('customer_id', 'institution_id', 'kind', 'version', name='uq_personal_details_change_version'),
    sa.UniqueConstraint('submission_uid', name=op.f('uq_personal_details_change_submission_uid'))
    )
    with op.batch_alter_table('personal_details_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_details_change_change_uid'), ['change_uid'], unique=False)
        batch_op.create_index('ix_personal_details_change_due', ['state', 'applied_at', 'effective_from'], unique=False)

    op.create_table('personal_details_evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('change_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['personal_details_change.id'], name=op.f('fk_personal_details_evidence_change_id_personal_details_change'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_personal_details_evidence_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_details_evidence')),
    sa.UniqueConstraint('change_id', 'document_id', name=op.f('uq_personal_details_evidence_change_id_document_id'))
    )
    with op.batch_alter_table('personal_details_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_details_evidence_document_id'), ['document_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('personal_details_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_details_evidence_document_id'))

    op.drop_table('personal_details_evidence')
    with op.batch_alter_table('personal_details_change', schema=None) as batch_op:
        batch_op.drop_index('ix_personal_details_change_due')
        batch_op.drop_index(batch_op.f('ix_personal_details_change_change_uid'))

    op.drop_table('personal_details_change')
