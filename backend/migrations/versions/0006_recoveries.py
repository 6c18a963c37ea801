"""Add recoveries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "recovery_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "user_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "customer_number_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("print_job", sa.String(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_number_id"],
            ["customer_number.id"],
            name=op.f("fk_recovery_letter_customer_number_id_customer_number"),
        ),
        sa.ForeignKeyConstraint(
            ["user_account_id"],
            ["user_account.id"],
            name=op.f("fk_recovery_letter_user_account_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_letter")),
    )
    with op.batch_alter_table("recovery_letter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recovery_letter_customer_number_id"),
            ["customer_number_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_recovery_letter_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recovery_letter_print_job"), ["print_job"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recovery_letter_user_account_id"), ["user_account_id"], unique=False
        )

    op.create_table(
        "recovery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email_address", sa.String(), nullable=False),
        sa.Column(
            "user_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("account_version", sa.BigInteger(), nullable=True),
        sa.Column(
            "locale",
            sa.Enum("DE", "EN", name="locale", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column(
            "recovery_letter_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("phone_number", sa.String(), nullable=True),
        sa.Column("tan_hash", sa.String(), nullable=True),
        sa.Column("tan_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tan_attempts", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recovery_letter_id"],
            ["recovery_letter.id"],
            name=op.f("fk_recovery_recovery_letter_id_recovery_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["user_account_id"],
            ["user_account.id"],
            name=op.f("fk_recovery_user_account_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_recovery_link_hash")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_recovery_secret_hash")),
    )
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recovery_email_address"), ["email_address"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_recovery_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recovery_recovery_letter_id"), ["recovery_letter_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recovery_user_account_id"), ["user_account_id"], unique=False
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_user_account_id"))
        batch_op.drop_index(batch_op.f("ix_recovery_recovery_letter_id"))
        batch_op.drop_index(batch_op.f("ix_recovery_expires_at"))
        batch_op.drop_index(batch_op.f("ix_recovery_email_address"))

    op.drop_table("recovery")
    with op.batch_alter_table("recovery_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_letter_user_account_id"))
        batch_op.drop_index(batch_op.f("ix_recovery_letter_print_job"))
        batch_op.drop_index(batch_op.f("ix_recovery_letter_expires_at"))
        batch_op.drop_index(batch_op.f("ix_recovery_letter_customer_number_id"))

    op.drop_table("recovery_letter")
