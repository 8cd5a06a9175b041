using System.Net.Sockets;
using Coord.Node.Admin;
using Coord.Node.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Coord.Node.Hosting;

/// <summary>
/// Builds the Kestrel servers of a node: the client port, whose bytes are ZooKeeper's, and the admin port.
/// </summary>
internal static class HttpServers
{
    // An operator's tools and probes: more would only be somebody else's mistake.
    private const int AdminConnectionsMax = 256;

    // The longest body that a command takes is a handful of characters.
    private const int AdminBodyBytesMax = 4 * 1024;

    /// <summary>Serves a port for clients; each connection runs through <paramref name="serve"/>.</summary>
    /// <exception cref="SettingsException">The address cannot be listened on.</exception>
    public static async Task<KestrelServer> StartClientPortAsync(
        NodeAddress address,
        string place,
        Func<ConnectionContext, Task> serve,
        NodeLimits limits,
        BlockPool memory,
        ILoggerFactory loggers)
    {
        var options = NewOptions();
        options.Listen(Ports.Resolve(address, place), listen => listen.Run(serve));
        return await StartAsync(options, new NoHttp(), limits, memory, place, loggers);
    }

    /// <summary>Serves the admin port.</summary>
    /// <exception cref="SettingsException">The address cannot be listened on.</exception>
    public static async Task<KestrelServer> StartAdminPortAsync(
        NodeSettings settings, AdminApplication application, BlockPool memory, ILoggerFactory loggers)
    {
        var options = NewOptions();
        options.Limits.MaxConcurrentConnections = AdminConnectionsMax;
        options.Limits.MaxRequestBodySize = AdminBodyBytesMax;
        options.Listen(
            Ports.Resolve(settings.Self.Admin, settings.Ports.Admin), listen => listen.Protocols = HttpProtocols.Http1);
        return await StartAsync(options, application, settings.Limits, memory, settings.Ports.Admin, loggers);
    }

    private static KestrelServerOptions NewOptions() => new()
    {
        AddServerHeader = false,
        ApplicationServices = new NoServices(),
    };

    private static async Task<KestrelServer> StartAsync(
        KestrelServerOptions options,
        IHttpApplication<HttpContext> application,
        NodeLimits limits,
        BlockPool memory,
        string port,
        ILoggerFactory loggers)
    {
        var transport = new SocketTransportFactory(
            SocketOptions.Of(memory, socket => Configure(socket, limits)), loggers);
        var paced = new PacedListeners(transport, limits.ConnectionsPerRoundMax);
        var server = new KestrelServer(Options.Create(options), paced, loggers);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
            return server;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            server.Dispose();
            throw Ports.CannotListen(port, failure);
        }
    }

    private static void Configure(SocketTransportOptions socket, NodeLimits limits)
    {
        socket.IOQueueCount = 0; // The pool's own queue: PoolSends counts on it.
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

    // The client port has no HTTP: its connections never get so far.
    private sealed class NoHttp : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
            throw new InvalidOperationException("The client port speaks no HTTP.");

        public Task ProcessRequestAsync(HttpContext context) => Task.CompletedTask;

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // There is none.
        }
    }
}
