"""The headers of every kind of document of trade, by the kind of their records."""

from __future__ import annotations

from collections.abc import Mapping

from sandbooks.platforms.business_central.sets import purchases, sales
from sandbooks.platforms.business_central.sets.trade import TradeDocuments

HEADERS: Mapping[str, TradeDocuments] = {**purchases.HEADERS, **sales.HEADERS}
