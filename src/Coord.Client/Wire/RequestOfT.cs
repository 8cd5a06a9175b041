using System.Threading.Tasks.Sources;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>A request with a typed answer, awaited once without allocating a task.</summary>
internal abstract class Request<T> : Request, IValueTaskSource<Reply<T>>
{
    // Continuations are user code in the end: they run on the pool and never on the connection's thread.
    private ManualResetValueTaskSourceCore<Reply<T>> source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private int hasEnded;

    internal override bool HasEnded => Volatile.Read(ref hasEnded) != 0;

    internal ValueTask<Reply<T>> Answer => new(this, source.Version);

    Reply<T> IValueTaskSource<Reply<T>>.GetResult(short token)
    {
        registration.Dispose();
        return source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<Reply<T>>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<Reply<T>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    internal void CancelWith(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            registration = token.UnsafeRegister(
                static self => ((Request)self!).EndBy(RequestEnd.CancelledUnsent, RequestEnd.Cancelled), this);
        }
    }

    internal override bool End(RequestEnd end) => End(new Reply<T>(end, ErrorCode.Ok, 0, default));

    internal override void OnReply(long zxid, ErrorCode error, ReadOnlySpan<byte> body)
    {
        var value = default(T);
        var end = RequestEnd.Answered;
        if (error == ErrorCode.Ok)
        {
            var reader = new JuteReader(body);
            if (!TryReadBody(ref reader, out value))
                end = RequestEnd.Malformed;
        }

        if (end == RequestEnd.Answered)
            OnAnswered(error);
        End(new Reply<T>(end, error, zxid, value));
    }

    internal abstract bool TryReadBody(ref JuteReader reader, out T? value);

    /// <summary>
    /// Called before the answer is handed on, so that no event can come between it and what it sets up.
    /// </summary>
    protected virtual void OnAnswered(ErrorCode error)
    {
    }

    private bool End(Reply<T> reply)
    {
        if (Interlocked.Exchange(ref hasEnded, 1) != 0)
            return false;
        source.SetResult(reply);
        return true;
    }
}
