using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace Coord.Node.Clients;

/// <summary>
/// The way of a connection from accept to its service: it is counted, told apart by its first byte where the plain
/// port takes TLS too, encrypted, and served. Each of these has a limit in number or in time.
/// </summary>
internal sealed class ClientEntrance(ClientPort port, ClientTls? tls)
{
    // The first byte of every TLS handshake; as that of a length it would be far over any limit (protocol 1.1).
    private const byte TlsHandshake = 0x16;

    /// <summary>Whether the settings say that clients come by TLS to the plain port too.</summary>
    public bool TakesTlsOnPlainPort => tls is { HasUnifiedPort: true };

    /// <summary>Serves a connection of the port without TLS, and with it where the settings say so.</summary>
    public Task AcceptAsync(ConnectionContext connection) =>
        AdmitAsync(connection, TakesTlsOnPlainPort ? TellApartAsync : ServeAsync);

    /// <summary>Serves a connection of the port where clients come by TLS only.</summary>
    public Task AcceptSecureAsync(ConnectionContext connection) => AdmitAsync(connection, ServeEncryptedAsync);

    // Counted before anything is read: half a handshake takes a place like any other connection.
    private async Task AdmitAsync(ConnectionContext connection, Func<ConnectionContext, Task<bool>> serve)
    {
        var address = AddressOf(connection);
        if (!port.TryOpen(address))
            return;
        var hadSession = true;
        try
        {
            hadSession = await serve(connection);
        }
        catch (Exception end) when (ClientConnection.IsEnd(end))
        {
            // The peer vanished: the session lives on until its timeout, or is taken up on another connection.
        }
        finally
        {
            port.Closed(address);
        }

        // What asked for a word, or left before it was a client, is nobody's burden: it ends at once.
        if (hadSession)
            await port.EndAsync();
        await EndInTimeAsync(connection, connection);
    }

    // What was flushed is still sent, but not for ever to somebody who does not read it. That he sends no more, for
    // which ConnectionClosed is told, is no end of that.
    private async Task EndInTimeAsync(ConnectionContext connection, IAsyncDisposable ending)
    {
        await using var linger = new Timer(
            _ => connection.Abort(), null, port.Limits.ClientLingerTimeout, Timeout.InfiniteTimeSpan);
        await ending.DisposeAsync();
    }

    private async Task<bool> TellApartAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var patience = new CancellationTokenSource(port.Limits.ClientHandshakeTimeout);
        byte first;
        try
        {
            var read = await input.ReadAsync(patience.Token);
            if (read.Buffer.IsEmpty)
                return false;
            first = read.Buffer.FirstSpan[0];
            input.AdvanceTo(read.Buffer.Start); // Looked at and not taken: whoever is next reads it again.
        }
        catch (OperationCanceledException)
        {
            port.HandshakeTimedOut(NameOf(connection));
            return false;
        }

        return await (first == TlsHandshake ? ServeEncryptedAsync(connection) : ServeAsync(connection));
    }

    private Task<bool> ServeAsync(ConnectionContext connection)
    {
        var address = AddressOf(connection);
        port.CountUncertified(address);
        return new ClientConnection(
            connection, connection.Transport, port, SessionIdentities.Of(address)).RunAsync();
    }

    private async Task<bool> ServeEncryptedAsync(ConnectionContext connection)
    {
        if (await TryEncryptAsync(connection) is not { } transport)
            return false;
        try
        {
            var identities = SessionIdentities.Of(AddressOf(connection));
            if (transport.Certificate is { } certificate)
                identities = port.WithCertificate(identities, SubjectName.Of(certificate.SubjectName));
            else
                port.CountUncertified(AddressOf(connection));
            if (identities.Length <= port.Limits.ClientIdentitiesBytesMax)
                return await new ClientConnection(connection, transport, port, identities).RunAsync();
            port.HandshakeRefused(NameOf(connection), "the subject of its certificate is too long");
            return false;
        }
        finally
        {
            await EndInTimeAsync(connection, transport);
        }
    }

    /// <summary>Null, and told, when no handshake came about.</summary>
    private async Task<TlsTransport?> TryEncryptAsync(ConnectionContext connection)
    {
        string? objection = null;
        port.TlsBegun();
        try
        {
            return await TlsTransport.AcceptAsync(
                connection, tls!.NewHandshake(why => objection = why), port.Limits);
        }
        catch (OperationCanceledException)
        {
            port.HandshakeTimedOut(NameOf(connection));
        }
        catch (AuthenticationException failure)
        {
            port.HandshakeRefused(
                NameOf(connection), objection ?? failure.InnerException?.Message ?? failure.Message);
        }
        finally
        {
            port.TlsEnded();
        }

        return null;
    }

    private static string NameOf(ConnectionContext connection) => connection.RemoteEndPoint?.ToString() ?? "unknown";

    private static IPAddress AddressOf(ConnectionContext connection) =>
        (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
}
