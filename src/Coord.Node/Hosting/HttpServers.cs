using System.Net.Sockets;
using Coord.Node.Admin;
using Coord.Node.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Coord.Node.Hosting;

/// <summary>
/// Opens the ports of a node on Kestrel's sockets: the client port, whose bytes are ZooKeeper's, and the admin port.
/// </summary>
internal static class HttpServers
{
    // An operator's tools and probes: more would only be somebody else's mistake.
    private const int AdminConnectionsMax = 256;

    // The longest body that a command takes is a handful of characters.
    private const int AdminBodyBytesMax = 4 * 1024;

    /// <summary>Serves a port for clients; each connection runs through <paramref name="serve"/>.</summary>
    /// <remarks>
    /// Without TLS a request takes no step in the thread pool: who hears of it hands it to the replica loop, and the
    /// loop sends, which never waits (decision record 15). Encryption takes too long for either thread.
    /// </remarks>
    /// <exception cref="SettingsException">The address cannot be listened on.</exception>
    public static async Task<ClientListener> StartClientPortAsync(
        NodeAddress address,
        string place,
        Func<ConnectionContext, Task> serve,
        bool takesTls,
        NodeLimits limits,
        BlockPool memory,
        ILoggerFactory loggers)
    {
        try
        {
            return await ClientListener.StartAsync(
                NewTransport(isInline: !takesTls, limits, memory, loggers), Ports.Resolve(address, place),
                new PoolPace(limits.ConnectionsPerRoundMax), serve, loggers.CreateLogger<ClientListener>());
        }
        catch (Exception failure) when (failure is AddressInUseException or SocketException)
        {
            throw Ports.CannotListen(place, failure);
        }
    }

    /// <summary>Serves the admin port.</summary>
    /// <exception cref="SettingsException">The address cannot be listened on.</exception>
    public static async Task<KestrelServer> StartAdminPortAsync(
        NodeSettings settings, AdminApplication application, BlockPool memory, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            ApplicationServices = new NoServices(),
        };
        options.Limits.MaxConcurrentConnections = AdminConnectionsMax;
        options.Limits.MaxRequestBodySize = AdminBodyBytesMax;
        options.Listen(
            Ports.Resolve(settings.Self.Admin, settings.Ports.Admin), listen => listen.Protocols = HttpProtocols.Http1);
        var server = new KestrelServer(
            Options.Create(options), NewTransport(isInline: false, settings.Limits, memory, loggers), loggers);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
            return server;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            server.Dispose();
            throw Ports.CannotListen(settings.Ports.Admin, failure);
        }
    }

    private static SocketTransportFactory NewTransport(
        bool isInline, NodeLimits limits, BlockPool memory, ILoggerFactory loggers) =>
        new(SocketOptions.Of(memory, socket => Configure(socket, isInline, limits)), loggers);

    private static void Configure(SocketTransportOptions socket, bool isInline, NodeLimits limits)
    {
        socket.UnsafePreferInlineScheduling = isInline;
        socket.IOQueueCount = 0; // With TLS the pool's own queue: PoolSends counts on it.
        socket.NoDelay = true;
        socket.Backlog = limits.ListenBacklog;
        socket.MaxReadBufferSize = limits.ClientReadBufferBytes;
        socket.MaxWriteBufferSize = limits.ClientOutboundBytesMax;
        socket.WaitForDataBeforeAllocatingBuffer = true;
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
