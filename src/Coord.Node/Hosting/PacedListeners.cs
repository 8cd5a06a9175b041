using System.Net;
using Coord.Node.Clients;
using Microsoft.AspNetCore.Connections;

namespace Coord.Node.Hosting;

/// <summary>Hands on connections as fast as the thread pool takes them up, and leaves the rest in the kernel.</summary>
internal sealed class PacedListeners(IConnectionListenerFactory inner, int share) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), new PoolPace(share));

    private sealed class Listener(IConnectionListener inner, PoolPace pace) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken)
        {
            await pace.EnterAsync();
            return await inner.AcceptAsync(cancellationToken);
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
