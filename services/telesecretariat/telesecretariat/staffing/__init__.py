"""How many agents a line needs: Erlang's formulas, and later the forecast and the simulation of a day."""
