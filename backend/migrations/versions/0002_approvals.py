"""Add approvals, the security log and what account changes need"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('security_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('SIGNED_IN', 'SIGN_IN_FAILED', 'PASSKEY_ADDED', 'PASSKEY_REMOVED', 'PASSWORD_CHANGED', 'EMAIL_ADDRESS_CHANGED', 'PHONE_NUMBER_CHANGED', 'SESSION_ENDED', 'APPROVAL_GIVEN', 'APPROVAL_REFUSED', name='securityeventkind', native_enum=False, length=40), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_name', sa.String(), nullable=True),
    sa.Column('detail', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['user_account_id'], ['user_account.id'], name=op.f('fk_security_event_user_account_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_security_event'))
    )
    with op.batch_alter_table('security_event', schema=None) as batch_op:
        batch_op.create_index('ix_security_event_in_order', ['user_account_id', 'occurred_at', 'id'], unique=False)

    op.create_table('approval',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('operation', sa.String(), nullable=False),
    sa.Column('input', sa.String(), nullable=False),
    sa.Column('expected_version', sa.BigInteger(), nullable=False),
    sa.Column('secret', sa.String(), nullable=True),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('locale', sa.Enum('DE', 'EN', name='locale', native_enum=False, length=40), nullable=False),
    sa.Column('state', sa.Enum('OPEN', 'APPROVED', 'EXHAUSTED', 'CONFLICTED', name='approvalstate', native_enum=False, length=40), nullable=False),
    sa.Column('allows_passkey', sa.Boolean(), nullable=False),
    sa.Column('allows_tan', sa.Boolean(), nullable=False),
    sa.Column('tan_hash', sa.String(), nullable=True),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('nonce', sa.LargeBinary(), nullable=True),
    sa.Column('nonce_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('method', sa.Enum('PASSKEY', 'TAN', name='approvalmethod', native_enum=False, length=40), nullable=True),
    sa.Column('evidence', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_account_id'], ['user_account.id'], name=op.f('fk_approval_user_account_id_user_account')),
    sa.ForeignKeyConstraint(['user_session_id'], ['user_session.id'], name=op.f('fk_approval_user_session_id_user_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index('ix_approval_open', ['state', 'expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_user_account_id'), ['user_account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_user_session_id'), ['user_session_id'], unique=False)

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contact', sa.String(), nullable=True))

    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.BigInteger(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('phone_number_changed_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device_name', sa.String(), nullable=True))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.drop_column('device_name')

    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_column('phone_number_changed_at')
        batch_op.drop_column('version')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_column('contact')

    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_user_session_id'))
        batch_op.drop_index(batch_op.f('ix_approval_user_account_id'))
        batch_op.drop_index('ix_approval_open')

    op.drop_table('approval')
    with op.batch_alter_table('security_event', schema=None) as batch_op:
        batch_op.drop_index('ix_security_event_in_order')

    op.drop_table('security_event')
