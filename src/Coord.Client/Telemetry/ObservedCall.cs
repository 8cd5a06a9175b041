using System.Diagnostics;

namespace Coord.Client;

/// <summary>
/// One public call as meters and traces see it; while nobody listens there is none. Everything is reported by the
/// call's own flow, so that no listener ever runs on the connection's thread.
/// </summary>
internal sealed class ObservedCall
{
    private readonly ClientMetrics metrics;
    private readonly TimeProvider clock;
    private readonly string operation;
    private readonly long began;
    private readonly Activity? activity;

    // The kind of request whose reply was lost last: another of the kind is the same one sent again.
    private volatile int lostOp = int.MinValue;
    private volatile bool isUnknown;
    private int retries;

    private ObservedCall(ClientMetrics metrics, TimeProvider clock, string operation)
    {
        this.metrics = metrics;
        this.clock = clock;
        this.operation = operation;
        began = clock.GetTimestamp();
        activity = ClientTracing.Start($"coord {operation}");
        activity?.SetTag("coord.operation", operation);
    }

    internal static ObservedCall? Begin(ClientMetrics metrics, TimeProvider clock, string operation) =>
        metrics.OperationDuration.Enabled || metrics.OperationRetries.Enabled || ClientTracing.IsHeard
            ? new ObservedCall(metrics, clock, operation) : null;

    /// <summary>Sends one of the call's requests.</summary>
    internal async ValueTask<Reply<T>> SendAsync<T>(ClientCore core, Request<T> request, CancellationToken ct)
    {
        if (lostOp == (int)request.Op)
            Interlocked.Increment(ref retries);
        if (activity is not null)
            request.Attempts = new AttemptLog();
        var reply = await core.Send(request, ct).ConfigureAwait(false);
        Interlocked.Add(ref retries, request.TimesSentAgain);
        if (reply.End == RequestEnd.ConnectionLost)
            lostOp = (int)request.Op;
        isUnknown |= request.Kind == ReplyKind.Write && reply.IsUnknown;
        if (request.Attempts is { } attempts)
            attempts.Report(activity!, request.Op, reply.End);
        return reply;
    }

    internal async ValueTask<T> RunAsync<T>(ValueTask<T> running)
    {
        T result;
        try
        {
            result = await running.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }

        End(null);
        return result;
    }

    internal async ValueTask RunAsync(ValueTask running)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }

        End(null);
    }

    private void End(Exception? error)
    {
        var duration = clock.GetElapsedTime(began).TotalSeconds;
        KeyValuePair<string, object?> operationTag = new("coord.operation", operation);
        KeyValuePair<string, object?> outcomeTag = new("coord.outcome", OutcomeOf(error));
        if (retries > 0)
            metrics.OperationRetries.Record(retries, operationTag);
        if (error is null)
        {
            metrics.OperationDuration.Record(duration, operationTag, outcomeTag);
        }
        else
        {
            KeyValuePair<string, object?> errorTag = new("error.type", ClientTracing.ErrorType(error));
            metrics.OperationDuration.Record(duration, operationTag, errorTag, outcomeTag);
            activity?.SetTag(errorTag.Key, errorTag.Value).SetStatus(ActivityStatusCode.Error);
        }

        ClientTracing.Stop(activity?.SetTag(outcomeTag.Key, outcomeTag.Value));
    }

    private string OutcomeOf(Exception? error) => error switch
    {
        null or CoordException { Outcome: Outcome.Applied } => "applied",
        CoordException { Outcome: Outcome.Unknown } => "unknown",
        CoordException => "not_applied",
        // Cancelled: what was sent may still be carried out.
        _ => isUnknown ? "unknown" : "not_applied",
    };
}
