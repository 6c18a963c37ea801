"""Hold what begins at each letter of a subject"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_LONGEST_PART = 40
_BATCH = 100
_DOCUMENT = sa.table('document', sa.column('id'), sa.column('customer_id'), sa.column('subject'))


def upgrade() -> None:
    """Apply."""
    part = op.create_table('subject_part',
    sa.Column('customer_id', _BIG_ID, nullable=False),
    sa.Column('part', sa.LargeBinary(), nullable=False),
    sa.Column('document_id', _BIG_ID, nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_subject_part_customer_id_customer')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_subject_part_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('customer_id', 'part', 'document_id', name=op.f('pk_subject_part')),
    sqlite_with_rowid=False
    )
    _cut_subjects(op.get_bind(), part)
    # Built at once when all is there: half the time on PostgreSQL.
    op.create_index(op.f('ix_subject_part_document_id'), 'subject_part', ['document_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table('subject_part')


def _cut_subjects(connection: sa.Connection, part: sa.Table) -> None:
    some = sa.select(_DOCUMENT).where(_DOCUMENT.c.id > sa.bindparam('after')).order_by(_DOCUMENT.c.id).limit(_BATCH)
    after = 0
    while documents := connection.execute(some, {'after': after}).all():
        rows = [row for document in documents for row in _parts_of(*document)]
        if rows:
            connection.execute(part.insert(), rows)
        after = documents[-1].id


def _parts_of(document_id: int, customer_id: int, subject: str) -> list[dict[str, Any]]:
    folded = subject.casefold()
    parts = {folded[at:at + _LONGEST_PART].encode() for at, letter in enumerate(folded) if not letter.isspace()}
    return [{'customer_id': customer_id, 'part': part, 'document_id': document_id} for part in sorted(parts)]
