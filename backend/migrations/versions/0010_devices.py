"""Add devices and locks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('device',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('assurance_level', sa.Enum('BASIC', 'SMART', 'SMARTHEALTH', name='assurancelevel', native_enum=False, length=40), nullable=False),
    sa.Column('origin', sa.Enum('SIGN_IN_TAN', 'REGISTRATION_TAN', name='deviceorigin', native_enum=False, length=40), nullable=False),
    sa.Column('added_network', sa.String(), nullable=True),
    sa.Column('replaced_device_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('took_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['replaced_device_id'], ['device.id'], name=op.f('fk_device_replaced_device_id_device')),
    sa.ForeignKeyConstraint(['user_account_id'], ['user_account.id'], name=op.f('fk_device_user_account_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device'))
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_user_account_id'), ['user_account_id'], unique=False)

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_challenge_device_id_device'), 'device', ['device_id'], ['id'])

    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assurance_level', sa.Enum('BASIC', 'SMART', 'SMARTHEALTH', name='assurancelevel', native_enum=False, length=40), server_default='BASIC', nullable=False))

    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lock_told_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_user_account_locked', ['locked_at'], unique=False, sqlite_where=sa.text('locked_at IS NOT NULL'), postgresql_where=sa.text('locked_at IS NOT NULL'))

    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('began_with_registration', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f('ix_user_session_device_id'), ['device_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_user_session_device_id_device'), 'device', ['device_id'], ['id'])



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_user_session_device_id_device'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_user_session_device_id'))
        batch_op.drop_column('began_with_registration')
        batch_op.drop_column('device_id')

    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_index('ix_user_account_locked', sqlite_where=sa.text('locked_at IS NOT NULL'), postgresql_where=sa.text('locked_at IS NOT NULL'))
        batch_op.drop_column('lock_told_at')
        batch_op.drop_column('locked_at')

    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_column('assurance_level')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_challenge_device_id_device'), type_='foreignkey')
        batch_op.drop_column('device_id')

    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_user_account_id'))

    op.drop_table('device')
