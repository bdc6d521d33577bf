"""The house"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("journal_entry", "received_body", "answer")


def upgrade() -> None:
    """Make every table, and let the append-only ones refuse change."""
    _tables()
    for table in APPEND_ONLY:
        _forbid_change(table)


def _forbid_change(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"begin select raise(abort, '{table} is append-only'); end"
            )
        return
    op.execute(
        "create or replace function append_only() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$"
    )
    op.execute(
        f"create trigger {table}_append_only before update or delete on {table} "
        "for each row execute function append_only()"
    )


def _tables() -> None:
    op.create_table('installation',
    sa.Column('one', sa.Integer(), nullable=False),
    sa.Column('server_id', sa.String(), nullable=False),
    sa.Column('epoch', sa.String(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('one', name=op.f('pk_installation'))
    )
    op.create_table('job',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('handler', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('worker', sa.String(), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_due', ['state', 'run_at'], unique=False)

    op.create_table('journal_entry',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('actor_kind', sa.String(), nullable=False),
    sa.Column('actor_role', sa.String(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_entry'))
    )
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_entry_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_entry_subject_id'), ['subject_id'], unique=False)

    op.create_table('letter',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('to_name', sa.String(), nullable=False),
    sa.Column('to_address', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('calendar', sa.String(), nullable=True),
    sa.Column('calendar_method', sa.String(), nullable=True),
    sa.Column('about_kind', sa.String(), nullable=True),
    sa.Column('about_id', sa.Uuid(), nullable=True),
    sa.Column('headers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_about_id'), ['about_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('municipality',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('duty_number', sa.String(), nullable=True),
    sa.Column('contact_text', sa.String(), nullable=True),
    sa.Column('settings', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_municipality')),
    sa.UniqueConstraint('code', name=op.f('uq_municipality_code')),
    sa.UniqueConstraint('slug', name=op.f('uq_municipality_slug'))
    )
    op.create_table('series',
    sa.Column('scope_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('scope_id', 'name', name=op.f('pk_series'))
    )
    op.create_table('area',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('shape', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_area_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area'))
    )
    with op.batch_alter_table('area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('council',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('numbering', sa.String(), nullable=False),
    sa.Column('minutes_word', sa.String(), nullable=False),
    sa.Column('may_decide', sa.Boolean(), nullable=False),
    sa.Column('active_until', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_council_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_council')),
    sa.UniqueConstraint('municipality_id', 'slug', name=op.f('uq_council_municipality_id_slug'))
    )
    with op.batch_alter_table('council', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_council_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('organisation',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('categories', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('answer_days', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_organisation_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('municipality_id', 'slug', name=op.f('uq_organisation_municipality_id_slug'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('paper',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('source_kind', sa.String(), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('format', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_paper_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('source_id', 'format', name=op.f('uq_paper_source_id_format'))
    )
    with op.batch_alter_table('paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('person',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_person_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('photo_content',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_photo_content_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_content')),
    sa.UniqueConstraint('municipality_id', 'sha256', name=op.f('uq_photo_content_municipality_id_sha256'))
    )
    with op.batch_alter_table('photo_content', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_content_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_content_state'), ['state'], unique=False)

    op.create_table('received_body',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('client', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_received_body_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_received_body'))
    )
    with op.batch_alter_table('received_body', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_received_body_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_received_body_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_received_body_received_at'), ['received_at'], unique=False)
        batch_op.create_index('ix_received_body_subject', ['subject_id', 'revision'], unique=False)

    op.create_table('council_member',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('standing', sa.String(), nullable=False),
    sa.Column('office', sa.String(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_council_member_council_id_council'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_council_member_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_council_member_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_council_member'))
    )
    with op.batch_alter_table('council_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_council_member_council_id'), ['council_id'], unique=False)

    op.create_table('meeting',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=True),
    sa.Column('previous_id', sa.Uuid(), nullable=True),
    sa.Column('registry_number', sa.String(), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['approved_by_id'], ['meeting.id'], name=op.f('fk_meeting_approved_by_id_meeting')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_meeting_council_id_council')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_meeting_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['previous_id'], ['meeting.id'], name=op.f('fk_meeting_previous_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_state'), ['state'], unique=False)

    op.create_table('organisation_contact',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_organisation_contact_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_contact_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_contact'))
    )
    with op.batch_alter_table('organisation_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_contact_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('owner_link',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('token_sha256', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_owner_link_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_owner_link_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_owner_link')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_owner_link_token_sha256'))
    )
    with op.batch_alter_table('owner_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_owner_link_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('person_contact',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_contact_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_person_contact')),
    sa.UniqueConstraint('email', name=op.f('uq_person_contact_email'))
    )
    with op.batch_alter_table('person_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_contact_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('photo',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('content_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('sender_kind', sa.String(), nullable=False),
    sa.Column('sender_id', sa.Uuid(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_by_id', sa.Uuid(), nullable=True),
    sa.Column('held_back', sa.Boolean(), nullable=False),
    sa.Column('alt', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['content_id'], ['photo_content.id'], name=op.f('fk_photo_content_id_photo_content')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_photo_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo')),
    sa.UniqueConstraint('sender_id', 'sha256', name=op.f('uq_photo_sender_id_sha256'))
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_sha256'), ['sha256'], unique=False)

    op.create_table('role_grant',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('word', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('walk_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_grant_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('person_id', 'word', 'organisation_id', 'council_id', 'walk_id', name=op.f('uq_role_grant_person_id_word_organisation_id_council_id_walk_id'))
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_grant_person_id'), ['person_id'], unique=False)

    op.create_table('sign_in',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('secret_sha256', sa.String(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('secret_sha256', name=op.f('uq_sign_in_secret_sha256'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_person_id'), ['person_id'], unique=False)

    op.create_table('sign_in_token',
    sa.Column('municipality_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('token_sha256', sa.String(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('spent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_token_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_token')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_sign_in_token_token_sha256'))
    )
    op.create_table('walk',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=True),
    sa.Column('theme', sa.String(), nullable=True),
    sa.Column('area_id', sa.Uuid(), nullable=True),
    sa.Column('route', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('meeting_point', sa.String(), nullable=True),
    sa.Column('meeting_lat', sa.Double(), nullable=True),
    sa.Column('meeting_lon', sa.Double(), nullable=True),
    sa.Column('accessibility', sa.String(), nullable=True),
    sa.Column('most_people', sa.Integer(), nullable=False),
    sa.Column('registry_number', sa.String(), nullable=True),
    sa.Column('leader_id', sa.Uuid(), nullable=True),
    sa.Column('previous_id', sa.Uuid(), nullable=True),
    sa.Column('join_code', sa.String(), nullable=False),
    sa.Column('join_paused', sa.Boolean(), nullable=False),
    sa.Column('shows_others', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_walk_area_id_area')),
    sa.ForeignKeyConstraint(['leader_id'], ['person.id'], name=op.f('fk_walk_leader_id_person')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_walk_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['previous_id'], ['walk.id'], name=op.f('fk_walk_previous_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_walk')),
    sa.UniqueConstraint('join_code', name=op.f('uq_walk_join_code'))
    )
    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_walk_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_walk_state'), ['state'], unique=False)

    op.create_table('action',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.Column('public_text', sa.String(), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('term', sa.String(), nullable=False),
    sa.Column('power', sa.String(), nullable=False),
    sa.Column('cost', sa.String(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('season', sa.String(), nullable=True),
    sa.Column('heritage', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_how', sa.String(), nullable=True),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('foreign_reference', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_action_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_action_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_action_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action')),
    sa.UniqueConstraint('walk_id', 'number', name=op.f('uq_action_walk_id_number'))
    )
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_walk_id'), ['walk_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('heading', sa.String(), nullable=False),
    sa.Column('presenter', sa.String(), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('walk_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id_meeting'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_agenda_item_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_agenda_item_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('attendance',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('standing', sa.String(), nullable=False),
    sa.Column('how', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_meeting_id_meeting'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_attendance_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendance_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('meeting_id', 'person_id', name=op.f('uq_attendance_meeting_id_person_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('invitation',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('token_sha256', sa.String(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_invitation_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_invitation_walk_id_walk'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_invitation_token_sha256'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_walk_id'), ['walk_id'], unique=False)

    op.create_table('minutes_snapshot',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_snapshot_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_minutes_snapshot_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_snapshot'))
    )
    with op.batch_alter_table('minutes_snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_minutes_snapshot_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('report',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_report_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_report_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('walk_id', 'version', name=op.f('uq_report_walk_id_version'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_walk_id'), ['walk_id'], unique=False)

    op.create_table('signature',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_signature_meeting_id_meeting'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_signature_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_signature_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('meeting_id', 'office', name=op.f('uq_signature_meeting_id_office'))
    )
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signature_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('stop',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('questions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_stop_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_stop_walk_id_walk'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stop'))
    )
    with op.batch_alter_table('stop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stop_walk_id'), ['walk_id'], unique=False)

    op.create_table('walk_group',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('leader_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['leader_id'], ['person.id'], name=op.f('fk_walk_group_leader_id_person')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_walk_group_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_walk_group_walk_id_walk'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_walk_group'))
    )
    with op.batch_alter_table('walk_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_walk_group_walk_id'), ['walk_id'], unique=False)

    op.create_table('action_outcome',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('agenda_item_id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_outcome_action_id_action')),
    sa.ForeignKeyConstraint(['agenda_item_id'], ['agenda_item.id'], name=op.f('fk_action_outcome_agenda_item_id_agenda_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_action_outcome_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_outcome')),
    sa.UniqueConstraint('agenda_item_id', 'action_id', name=op.f('uq_action_outcome_agenda_item_id_action_id'))
    )
    with op.batch_alter_table('action_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_outcome_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_outcome_agenda_item_id'), ['agenda_item_id'], unique=False)

    op.create_table('answer',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_kind', sa.String(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('photo_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_answer_action_id_action'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_answer_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_answer_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_answer_photo_id_photo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('invitation_contact',
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_invitation_contact_invitation_id_invitation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_invitation_contact'))
    )
    op.create_table('participant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=True),
    sa.Column('token_sha256', sa.String(), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_contact_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiting_observations', sa.Integer(), nullable=False),
    sa.Column('waiting_photos', sa.Integer(), nullable=False),
    sa.Column('oldest_waiting_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('receipt_code', sa.String(), nullable=True),
    sa.Column('receipt_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['walk_group.id'], name=op.f('fk_participant_group_id_walk_group'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_participant_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_participant_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant'))
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_participant_walk_id'), ['walk_id'], unique=False)

    op.create_table('observation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('admitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('needs_place', sa.Boolean(), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('secret', sa.Boolean(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('proposal', sa.String(), nullable=True),
    sa.Column('feeling', sa.Integer(), nullable=True),
    sa.Column('acute', sa.Boolean(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=True),
    sa.Column('asset', sa.String(), nullable=True),
    sa.Column('said_by', sa.String(), nullable=False),
    sa.Column('voices', sa.Integer(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('place_source', sa.String(), nullable=False),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('light', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_observation_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_observation_participant_id_participant')),
    sa.ForeignKeyConstraint(['stop_id'], ['stop.id'], name=op.f('fk_observation_stop_id_stop'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_observation_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation')),
    sa.UniqueConstraint('walk_id', 'number', name=op.f('uq_observation_walk_id_number'))
    )
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_observation_walk_id'), ['walk_id'], unique=False)

    op.create_table('participant_contact',
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('band', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_contact_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_participant_contact'))
    )
    op.create_table('participant_name',
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_name_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_participant_name'))
    )
    op.create_table('rating',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('score_dark', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('profile', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_rating_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_rating_participant_id_participant')),
    sa.ForeignKeyConstraint(['stop_id'], ['stop.id'], name=op.f('fk_rating_stop_id_stop'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_rating_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating'))
    )
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_walk_id'), ['walk_id'], unique=False)

    op.create_table('voice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('walk_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('observation_id', sa.Uuid(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_voice_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_voice_participant_id_participant')),
    sa.ForeignKeyConstraint(['walk_id'], ['walk.id'], name=op.f('fk_voice_walk_id_walk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voice'))
    )
    with op.batch_alter_table('voice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_voice_municipality_id'), ['municipality_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_voice_observation_id'), ['observation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_voice_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_voice_walk_id'), ['walk_id'], unique=False)

    op.create_table('action_observation',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('observation_id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_observation_action_id_action'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_action_observation_observation_id_observation')),
    sa.PrimaryKeyConstraint('action_id', 'observation_id', name=op.f('pk_action_observation'))
    )
    op.create_table('curation',
    sa.Column('observation_id', sa.Uuid(), nullable=False),
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('proposal', sa.String(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_curation_observation_id_observation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('observation_id', name=op.f('pk_curation'))
    )
    with op.batch_alter_table('curation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_curation_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('merge_link',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('kept_id', sa.Uuid(), nullable=False),
    sa.Column('merged_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['kept_id'], ['observation.id'], name=op.f('fk_merge_link_kept_id_observation')),
    sa.ForeignKeyConstraint(['merged_id'], ['observation.id'], name=op.f('fk_merge_link_merged_id_observation')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_merge_link_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_link'))
    )
    with op.batch_alter_table('merge_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merge_link_kept_id'), ['kept_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merge_link_merged_id'), ['merged_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merge_link_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('observation_photo',
    sa.Column('municipality_id', sa.Uuid(), nullable=False),
    sa.Column('observation_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_observation_photo_observation_id_observation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation_photo')),
    sa.UniqueConstraint('observation_id', 'sha256', name=op.f('uq_observation_photo_observation_id_sha256'))
    )
    with op.batch_alter_table('observation_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_photo_observation_id'), ['observation_id'], unique=False)
