namespace Coord.Client;

/// <summary>This machine's clock went back further than time-based ids wait for. No id was made.</summary>
public sealed class ClockMovedBackException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="behind">How far the clock is behind the last id.</param>
    public ClockMovedBackException(TimeSpan behind)
        : base($"The clock is {behind.TotalSeconds:0.0} s behind the last id that was made.")
    {
        Behind = behind;
    }

    /// <summary>How far the clock is behind the last id.</summary>
    public TimeSpan Behind { get; }
}
