using System.Diagnostics;
using Coord.Client;

namespace Coord.RecipeLoad;

/// <summary>One call after the other, until the measured time is over.</summary>
/// <param name="call">What is called.</param>
/// <param name="window">The measured time.</param>
internal sealed class Caller(Func<CancellationToken, ValueTask> call, Window window)
{
    internal Latencies Latencies { get; } = new();

    /// <summary>Calls within the measured time that ended without a result.</summary>
    internal long Failed { get; private set; }

    /// <param name="ct">Fires when the measured time is over: ends a call that waits.</param>
    internal async Task RepeatAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (!window.IsOver(began))
        {
            var isDone = await TryCallAsync(ct);
            var ended = Stopwatch.GetTimestamp();
            if (window.Holds(ended) && isDone)
                Latencies.Add(Stopwatch.GetElapsedTime(began, ended));
            else if (window.Holds(ended))
                Failed++;
            began = ended;
        }
    }

    private async ValueTask<bool> TryCallAsync(CancellationToken ct)
    {
        try
        {
            await call(ct);
            return true;
        }
        catch (CoordException)
        {
            return false;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
