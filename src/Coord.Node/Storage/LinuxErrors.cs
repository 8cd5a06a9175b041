using System.Runtime.InteropServices;

namespace Coord.Node.Storage;

/// <summary>Error numbers of the operating system as exceptions.</summary>
internal static class LinuxErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    public static bool IsFull(int error) => error is NoSpace or QuotaExceeded;

    /// <summary>The exception for the native call that has just failed.</summary>
    public static IOException Last(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        var message = $"{what}: {Marshal.GetPInvokeErrorMessage(error)} ({error}).";
        return IsFull(error) ? new StorageFullException(message) : new IOException(message);
    }
}
