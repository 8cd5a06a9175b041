using System.Diagnostics;

namespace Coord.RecipeLoad;

/// <summary>The measured time: what ends before it warms up, what ends behind it does not count.</summary>
internal sealed class Window
{
    private readonly long from;
    private readonly long until;

    internal Window(TimeSpan warm, TimeSpan measured)
    {
        from = Stopwatch.GetTimestamp() + (long)(warm.TotalSeconds * Stopwatch.Frequency);
        until = from + (long)(measured.TotalSeconds * Stopwatch.Frequency);
    }

    internal bool Holds(long timestamp) => timestamp >= from && timestamp < until;

    internal bool IsOver(long timestamp) => timestamp >= until;
}
