using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Coord.JepsenLike.Networks;

/// <summary>Sockets of this process that belong to another network namespace.</summary>
internal static partial class NamespaceSockets
{
    private const int NetworkNamespace = 0x4000_0000;

    /// <summary>
    /// A TCP socket in the namespace of this name. A thread's namespace is its own and a socket keeps the one that it
    /// was made in, so a thread goes in, makes the socket and ends; nobody else notices.
    /// </summary>
    public static Socket Open(string name)
    {
        Socket? socket = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception error) when (error is Win32Exception or IOException or SocketException)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return socket!;
    }

    private static void Enter(string name)
    {
        using var file = File.OpenHandle($"/run/netns/{name}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (SetNamespace((int)file.DangerousGetHandle(), NetworkNamespace) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns {name}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(int file, int kind);
}
