"""The handlers' routers in the order in which they are asked."""

from aiogram import Router

from bot.handlers import (
    alerts,
    appeals,
    cards,
    elsewhere,
    exports,
    forgetting,
    labelling,
    labels,
    labels_files,
    linking,
    membership,
    migration,
    models,
    moderators,
    mood,
    ping,
    products,
    reports,
    review_presses,
    reviews,
    settings,
    shadows,
    start,
    stats,
    training,
    watching,
)


def routers() -> list[Router]:
    """Build the routers; the first whose filters fit handles an update."""
    return [
        migration.router(),
        membership.router(),
        linking.router(),
        moderators.router(),
        settings.router(),
        cards.router(),
        alerts.router(),
        reports.router(),
        appeals.router(),
        labelling.router(),
        exports.router(),
        labels_files.router(),
        forgetting.router(),
        training.router(),
        shadows.router(),
        models.router(),
        stats.router(),
        mood.router(),
        watching.router(),
        products.router(),
        reviews.router(),
        review_presses.router(),
        labels.router(),
        ping.router(),
        start.router(),
        elsewhere.router(),
    ]
