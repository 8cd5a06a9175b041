using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Coord.Fuzz.Clients;

/// <summary>
/// A client's connection without a socket: what is sent runs through the node's code on the caller's thread.
/// </summary>
internal sealed class MemoryConnection : ConnectionContext
{
    private const int OutboundMax = 16 * 1024 * 1024;

    private readonly Pipe _toNode = NewPipe(pauseAt: 0);
    private readonly Pipe _fromNode = NewPipe(OutboundMax);

    public MemoryConnection()
    {
        Transport = new Ends(_toNode.Reader, _fromNode.Writer);
        RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 1);
        ConnectionClosed = new CancellationToken(canceled: true); // Nothing of it stays behind its last reply.
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; } = "fuzz";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    /// <summary>What the node makes of the connection, from accept to close.</summary>
    public Task Serving { get; set; } = Task.CompletedTask;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _toNode.Writer.Write(bytes);
        _ = _toNode.Writer.FlushAsync().AsTask();
    }

    /// <summary>The client hangs up.</summary>
    public void HangUp() => _toNode.Writer.Complete();

    /// <summary>All that the node has sent since the last time.</summary>
    public byte[] Receive()
    {
        if (!_fromNode.Reader.TryRead(out var read))
            return [];
        var bytes = read.Buffer.ToArray();
        _fromNode.Reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    public override void Abort(ConnectionAbortedException abortReason) => _toNode.Writer.Complete(abortReason);

    private static Pipe NewPipe(int pauseAt) => new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: pauseAt,
        resumeWriterThreshold: pauseAt / 2,
        useSynchronizationContext: false));

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
