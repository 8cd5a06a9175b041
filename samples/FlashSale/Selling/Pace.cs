namespace FlashSale.Selling;

/// <summary>
/// Spreads sales over time: a sale that were over before the first failover would show nothing. A seller that fell
/// behind catches up by at most one second's worth.
/// </summary>
internal sealed class Pace(double unitsPerSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private double _sold;

    /// <summary>How long to wait before the next <paramref name="units"/>, which then count as sold.</summary>
    public TimeSpan NextWait(int units)
    {
        var due = time.GetElapsedTime(_start).TotalSeconds * unitsPerSecond;
        _sold = Math.Max(_sold, due - unitsPerSecond);
        var wait = TimeSpan.FromSeconds(Math.Max(0, (_sold - due) / unitsPerSecond));
        _sold += units;
        return wait;
    }
}
