"""Pure numerics: travel times, plans and their slack, insertion; numpy and scipy only."""
