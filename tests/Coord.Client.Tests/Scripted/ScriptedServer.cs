using System.Net;
using System.Net.Sockets;

namespace Coord.Client.Tests;

/// <summary>One address of a scripted cluster.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly ScriptedCluster cluster;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ScriptedServer(ScriptedCluster cluster)
    {
        this.cluster = cluster;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Address = listener.LocalEndPoint!.ToString()!;
        new Thread(Accept) { IsBackground = true, Name = "scripted-accept" }.Start();
    }

    public string Address { get; }

    public void Dispose() => listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
                socket.NoDelay = true;
                if (cluster.RefusesHandshakes)
                {
                    Interlocked.Increment(ref cluster.Refused);
                    socket.Dispose();
                }
                else
                    new ScriptedConnection(cluster, socket).Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
