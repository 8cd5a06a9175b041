namespace Coord.JepsenLike.Networks;

/// <summary>How much longer bytes take: a time between the two, drawn for each piece.</summary>
internal sealed record Lag(TimeSpan Least, TimeSpan Most)
{
    public static readonly Lag None = new(TimeSpan.Zero, TimeSpan.Zero);

    public static Lag OfMilliseconds(int least, int most) =>
        new(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    public TimeSpan Draw() => Least + (Random.Shared.NextDouble() * (Most - Least));
}
