using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Coord.Node.Clients;

/// <summary>
/// The bytes of a connection by TLS. What the replica loop writes goes into a pipe of the same limit as that of a
/// plain connection, and is encrypted on the way from there to the socket: the loop never spends its time on it.
/// </summary>
internal sealed class TlsTransport : IDuplexPipe, IAsyncDisposable
{
    private readonly SslStream stream;
    private readonly DuplexStream encrypted;
    private readonly Pipe outbound;
    private readonly Task pumping;
    private readonly ConnectionContext connection;
    private long taken;

    private TlsTransport(
        ConnectionContext connection, SslStream stream, DuplexStream encrypted, MemoryPool<byte> pool,
        int outboundBytesMax)
    {
        this.encrypted = encrypted;
        this.connection = connection;
        this.stream = stream;
        outbound = new Pipe(new PipeOptions(
            pool,
            pauseWriterThreshold: outboundBytesMax,
            resumeWriterThreshold: outboundBytesMax / 2,
            useSynchronizationContext: false));
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(pool, leaveOpen: true, useZeroByteReads: true));
        pumping = PumpAsync();
    }

    public PipeReader Input { get; }

    public PipeWriter Output => outbound.Writer;

    /// <summary>Bytes of <see cref="Output"/> that were taken to be encrypted.</summary>
    public long TakenBytes => Volatile.Read(ref taken);

    /// <summary>Bytes that went to the socket, as TLS has them.</summary>
    public long EncryptedBytes => encrypted.Written;

    /// <summary>What the client showed, if anything.</summary>
    public X509Certificate2? Certificate => stream.RemoteCertificate as X509Certificate2;

    /// <summary>The handshake.</summary>
    /// <exception cref="AuthenticationException">The two sides find no trust in each other.</exception>
    /// <exception cref="IOException">That was no handshake, or the client left.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<TlsTransport> AcceptAsync(
        ConnectionContext connection, SslServerAuthenticationOptions handshake, NodeLimits limits)
    {
        using var patience = new CancellationTokenSource(limits.ClientHandshakeTimeout);
        var encrypted = new DuplexStream(connection.Transport);
        var stream = new SslStream(encrypted);
        try
        {
            await stream.AuthenticateAsServerAsync(handshake, patience.Token);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        var pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool ?? MemoryPool<byte>.Shared;
        return new TlsTransport(connection, stream, encrypted, pool, limits.ClientOutboundBytesMax);
    }

    /// <summary>Ends when what was flushed is handed on, or the connection is aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        await outbound.Writer.CompleteAsync();
        await pumping;
        await Input.CompleteAsync();
        await stream.DisposeAsync();
    }

    private async Task PumpAsync()
    {
        try
        {
            ReadResult read;
            do
            {
                read = await outbound.Reader.ReadAsync();
                foreach (var segment in read.Buffer)
                    await stream.WriteAsync(segment);
                Volatile.Write(ref taken, taken + read.Buffer.Length);
                outbound.Reader.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
            await stream.ShutdownAsync();
        }
        catch (Exception end)
        {
            // The client is gone, or the encryption broke: nobody is left on a connection that says nothing any more.
            connection.Abort(new ConnectionAbortedException("The encrypted connection broke.", end));
        }
        finally
        {
            // Whatever is written from now on is dropped, and no flush waits.
            await outbound.Reader.CompleteAsync();
        }
    }
}
