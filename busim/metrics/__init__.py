"""What a day amounts to: tables from the event log, KPIs with their definitions, groups, and ledgers."""

from busim.metrics.derive import tables as tables
from busim.metrics.groups import by_group as by_group
from busim.metrics.kpi import Kpi as Kpi
from busim.metrics.kpis import KPIS as KPIS
from busim.metrics.ledgers import ledgers as ledgers
from busim.metrics.summarise import summary as summary
