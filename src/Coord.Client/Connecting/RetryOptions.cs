namespace Coord.Client;

/// <summary>
/// Pauses between attempts to reach a server: doubling, with full jitter, within the call's total timeout.
/// </summary>
public sealed class RetryOptions
{
    /// <summary>First pause after every known address failed once. Default 50 ms, 1 ms to 1 min.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause. Default 2 s, <see cref="FirstDelay"/> to 10 min.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(2);
}
