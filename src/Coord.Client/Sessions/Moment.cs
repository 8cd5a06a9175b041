namespace Coord.Client;

/// <summary>
/// An instant on two clocks, both in ticks of 100 ns. Monotonic time stands still while a machine is suspended and wall
/// clocks jump, so elapsed time is the larger of the two differences: that errs on the side of letting go
/// (client-sdk.md 4.2).
/// </summary>
internal readonly record struct Moment(long Monotonic, long Wall)
{
    internal TimeSpan Since(Moment earlier) =>
        TimeSpan.FromTicks(Math.Max(Monotonic - earlier.Monotonic, Wall - earlier.Wall));
}
