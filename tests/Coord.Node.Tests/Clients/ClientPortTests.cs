using System.IO.Pipelines;
using Coord.Node.Clients;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Clients;

/// <summary>What the connections of a port share.</summary>
public class ClientPortTests
{
    // The node would wait for its handshake to time out.
    [Fact]
    public async Task A_connection_that_comes_while_all_are_ended_is_ended_too()
    {
        var port = new ClientPort(
            new ReplicaQueue(), NodeLimits.Default, ClientAccess.Open, new NodeMetrics().Clients,
            NullLogger<ClientPort>.Instance);
        var pair = new Pipes(new Pipe(), new Pipe());
        await using var connection = new DefaultConnectionContext("late", pair, pair);
        port.EndAll();

        var running = new ClientConnection(connection, pair, port, []).RunAsync();

        Assert.True(running.IsCompleted);
        Assert.False(await running);
    }

    private sealed class Pipes(Pipe inbound, Pipe outbound) : IDuplexPipe
    {
        public PipeReader Input => inbound.Reader;

        public PipeWriter Output => outbound.Writer;
    }
}
