using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Asks again while the answer is lost with a node.</summary>
internal static class VerifyPatience
{
    public static async Task<bool> VerifyWithRetryAsync(this ILockHandle handle)
    {
        while (true)
        {
            try
            {
                return await handle.VerifyAsync().Soon();
            }
            catch (CoordException e) when (e.IsTransient)
            {
                handle.ThrowIfLost();
            }
        }
    }
}
