using System.Net;
using System.Net.Sockets;

namespace Coord.Node.Hosting;

/// <summary>Whether this machine can listen where the settings say, and how to say that it cannot.</summary>
internal static class Ports
{
    /// <summary>
    /// Tries a port and lets go of it: the client port is opened last, but a mistake is told first.
    /// </summary>
    /// <exception cref="SettingsException">The address cannot be listened on.</exception>
    public static void Try(NodeAddress address, string place)
    {
        try
        {
            var endpoint = Resolve(address, place);
            using var bound = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            bound.Bind(endpoint);
            bound.Listen(1);
        }
        catch (SocketException failure)
        {
            throw CannotListen(place, failure);
        }
    }

    /// <summary>The address to listen on.</summary>
    /// <exception cref="SettingsException">No such host.</exception>
    public static IPEndPoint Resolve(NodeAddress address, string place)
    {
        try
        {
            return address.Resolve();
        }
        catch (SocketException failure)
        {
            throw CannotListen(place, failure);
        }
    }

    /// <summary>What to throw when a port cannot be opened.</summary>
    public static SettingsException CannotListen(string place, Exception failure)
    {
        var error = (failure as SocketException ?? failure.InnerException?.InnerException as SocketException
            ?? failure.InnerException as SocketException)?.SocketErrorCode;
        return new SettingsException($"{place}: {error switch
        {
            SocketError.AddressAlreadyInUse =>
                "the port is in use; stop the program that holds it, or give this node another one",
            SocketError.AddressNotAvailable => "not an address of this machine; name one of its own",
            SocketError.AccessDenied => "no permission for this port; take one from 1024 on",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                "the host name is not known here; name this machine or one of its addresses",
            _ when failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException =>
                "the port is in use; stop the program that holds it, or give this node another one",
            _ => $"cannot listen there: {failure.Message}",
        }}");
    }
}
