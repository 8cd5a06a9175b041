namespace Coord.Client;

/// <summary>
/// Calls <see cref="IBeating.Beat"/> when due. With the system's clock all clients of the process share one dedicated
/// thread, so that a starved thread pool costs no session (client-sdk.md 4.2); with another <see cref="TimeProvider"/>
/// that one's timers drive the client.
/// </summary>
internal static class Heart
{
    private static readonly Lock StartLock = new();
    private static HeartThread? shared;

    internal static IDisposable Drive(IBeating beating, TimeProvider provider)
    {
        if (!ReferenceEquals(provider, TimeProvider.System))
            return new HeartTimer(beating, provider);
        lock (StartLock)
            shared ??= new HeartThread();
        return shared.Add(beating);
    }
}
