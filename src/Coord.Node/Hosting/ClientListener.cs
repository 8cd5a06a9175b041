using System.Net;
using Coord.Node.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>
/// A port for clients: takes connections as fast as the thread pool takes them up, leaves the rest in the kernel, and
/// hands each to who serves it. Kestrel's sockets without its server, which would keep a weak reference to each
/// connection for every collection to look at, and walk through all of them each second.
/// </summary>
internal sealed class ClientListener : IDisposable
{
    private readonly IConnectionListener inner;
    private readonly PoolPace pace;
    private readonly Func<ConnectionContext, Task> serve;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly HashSet<ConnectionContext> open = [];
    private readonly TaskCompletionSource allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task accepting;
    private bool isStopping;

    private ClientListener(
        IConnectionListener inner, PoolPace pace, Func<ConnectionContext, Task> serve, ILogger logger)
    {
        (this.inner, this.pace, this.serve, this.logger) = (inner, pace, serve, logger);
        accepting = AcceptAllAsync();
    }

    /// <summary>Listens; each connection runs through <paramref name="serve"/>.</summary>
    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be listened on.</exception>
    public static async Task<ClientListener> StartAsync(
        IConnectionListenerFactory transport, EndPoint endpoint, PoolPace pace, Func<ConnectionContext, Task> serve,
        ILogger logger) =>
        new(await transport.BindAsync(endpoint), pace, serve, logger);

    /// <summary>
    /// Listens no more, and waits until all connections have ended; then cuts off those that have not.
    /// </summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await inner.UnbindAsync(CancellationToken.None);
        await accepting;
        lock (gate)
        {
            isStopping = true;
            EndIfLast();
        }

        try
        {
            await allEnded.Task.WaitAsync(patience);
        }
        catch (OperationCanceledException)
        {
            AbortAll();
        }

        await inner.DisposeAsync();
    }

    /// <summary>Cuts off what <see cref="StopAsync"/> did not end.</summary>
    public void Dispose() => StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                await pace.EnterAsync();
                if (await inner.AcceptAsync() is not { } connection)
                    return;
                lock (gate)
                    open.Add(connection);
                ThreadPool.UnsafeQueueUserWorkItem(
                    static taken => _ = taken.Listener.ServeAsync(taken.Connection),
                    (Listener: this, Connection: connection), preferLocal: false);
            }
        }
        catch (Exception failure)
        {
            // Who is connected is served on; nobody would know why others are not.
            HostLog.AcceptingFailed(logger, inner.EndPoint.ToString() ?? "unknown", failure);
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            await serve(connection);
        }
        catch (Exception failure)
        {
            // One connection's; the port and the others go on.
            HostLog.ConnectionFailed(logger, connection.RemoteEndPoint?.ToString() ?? "unknown", failure);
        }

        await connection.DisposeAsync();
        lock (gate)
        {
            open.Remove(connection);
            EndIfLast();
        }
    }

    private void EndIfLast()
    {
        if (isStopping && open.Count == 0)
            allEnded.TrySetResult();
    }

    private void AbortAll()
    {
        ConnectionContext[] left;
        lock (gate)
            left = [.. open];
        foreach (var connection in left)
            connection.Abort(new ConnectionAbortedException("The node stops."));
    }
}
