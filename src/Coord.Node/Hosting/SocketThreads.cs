using System.Globalization;

namespace Coord.Node.Hosting;

/// <summary>
/// Has the thread that hears of a socket read it too, rather than wake one of the thread pool for it
/// (decision record 15). The runtime has no other switch than these names, and asks for them when it makes its first
/// socket; an operator's own choice holds.
/// </summary>
internal static class SocketThreads
{
    // What they read goes to one loop: more of them would only take the cores that it and the log need.
    private const int CoresForEach = 4;

    public static void Choose()
    {
        Set("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", 1);
        Set("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Math.Max(1, Environment.ProcessorCount / CoresForEach));
    }

    private static void Set(string name, int value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
            Environment.SetEnvironmentVariable(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
