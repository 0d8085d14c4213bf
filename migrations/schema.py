"""The SQLite schema as a list of steps; the bot applies what is missing when it starts."""

from sqlite_utils import Database, Migrations

from migrations.step_001_write_ahead_log import write_ahead_log
from migrations.step_002_messages import messages
from migrations.step_003_verdicts import verdicts
from migrations.step_004_labels import labels
from migrations.step_005_actions import actions
from migrations.step_006_communities import communities
from migrations.step_007_ledger import ledger
from migrations.step_008_rollups import rollups
from migrations.step_009_trainings import trainings
from migrations.step_010_incidents import incidents
from migrations.step_011_fairness import fairness
from migrations.step_012_reviews import reviews
from migrations.step_013_moods import moods
from migrations.step_014_alarms import alarms
from migrations.step_015_watches import watches
from migrations.step_016_views import views
from migrations.step_017_shadows import shadows
from migrations.step_018_products import products
from migrations.step_020_watched_alarms import watched_alarms
from migrations.step_021_members import members
from migrations.step_023_album_parts import album_parts

# Applied in this order, each once. A step that has been released never changes.
TRANSACTIONAL = (
    messages,
    verdicts,
    labels,
    actions,
    communities,
    ledger,
    rollups,
    trainings,
    incidents,
    fairness,
    reviews,
    moods,
    alarms,
    watches,
    views,
    shadows,
    products,
    watched_alarms,
    members,
    album_parts,
)


def bring_up_to_date(database: Database) -> None:
    """Apply every step that this file has not seen yet."""
    steps = Migrations("nastroi")
    # SQLite refuses to change the journal mode inside a transaction.
    steps(transactional=False)(write_ahead_log)
    for step in TRANSACTIONAL:
        steps()(step)
    steps.apply(database)
