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

    /// <summary>What the last of them ended with; null: there was none.</summary>
    internal string? Failure { get; private set; }

    /// <param name="ct">Fires when the measured time is over: ends a call that waits.</param>
    internal async Task RepeatAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (!window.IsOver(began) && !ct.IsCancellationRequested)
        {
            var failure = await CallAsync(ct);
            var ended = Stopwatch.GetTimestamp();
            if (window.Holds(ended))
                Count(failure, Stopwatch.GetElapsedTime(began, ended));
            began = ended;
        }
    }

    private void Count(CoordException? failure, TimeSpan took)
    {
        if (failure is null)
        {
            Latencies.Add(took);
            return;
        }

        Failed++;
        Failure = failure.GetType().Name;
    }

    /// <returns>What the call ended with; null: well, or cancelled behind the measured time.</returns>
    private async ValueTask<CoordException?> CallAsync(CancellationToken ct)
    {
        try
        {
            await call(ct);
            return null;
        }
        catch (CoordException e)
        {
            return e;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
