namespace Coord.Client;

/// <summary>
/// The credentials of the next connection: those given, and what the callback says now. Asked by the connection's
/// thread; the callback runs on the pool.
/// </summary>
internal sealed class CredentialSource(
    IReadOnlyList<AuthCredential> given,
    Func<CancellationToken, ValueTask<IReadOnlyList<AuthCredential>>>? callback)
{
    /// <summary>Whether asking again can bring others, after those of now were refused.</summary>
    internal bool CanChange => callback is not null;

    /// <summary>Whether there are any, or may be.</summary>
    internal bool IsAny => CanChange || given.Count > 0;

    /// <exception cref="AttemptFailedException">The callback threw, or did not answer in time.</exception>
    internal IReadOnlyList<AuthCredential> Ask(TimeSpan limit)
    {
        if (callback is null)
            return given;
        using var cancel = new CancellationTokenSource();
        var asked = Task.Run(() => callback(cancel.Token).AsTask());
        if (Task.WaitAny([asked], limit) < 0)
        {
            cancel.Cancel();
            throw new AttemptFailedException("AuthCallback did not answer within ConnectTimeout");
        }

        // Its message is the program's own and may hold a secret.
        return asked.IsCompletedSuccessfully
            ? [.. given, .. asked.Result ?? []]
            : throw new AttemptFailedException(
                $"AuthCallback threw {asked.Exception?.InnerException?.GetType().Name ?? "that it was cancelled"}");
    }
}
