"""Result shapes as Vega-Lite charts. The only user of Altair."""
