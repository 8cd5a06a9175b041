using System.Text;

namespace Coord.Client.Recipes;

/// <summary>
/// The root of a <see cref="BlockIdGenerator"/>, on which all users of the path agree about the size.
/// </summary>
internal sealed class BlockRoot(ICoordClient client, string path, int blockSize, CreateParents parents)
{
    private const int LongestShown = 100;

    private readonly string tag = $"coord:block-ids:1:{blockSize}";
    private volatile bool isAgreed;

    /// <exception cref="RecipeMismatchException">Another size, or another recipe.</exception>
    internal async ValueTask AgreeAsync()
    {
        while (!isAgreed)
        {
            var znode = await client.TryGetAsync(path, ReadOptions.Fresh).ConfigureAwait(false);
            if (znode is null)
            {
                await CreateAsync().ConfigureAwait(false);
                continue;
            }

            var found = Encoding.UTF8.GetString(znode.Bytes.Span[..Math.Min(znode.Bytes.Length, LongestShown)]);
            if (found != tag)
                throw new RecipeMismatchException(path, found, tag);
            isAgreed = true;
        }
    }

    private async ValueTask CreateAsync()
    {
        try
        {
            await client.TryCreateAsync(path, Encoding.UTF8.GetBytes(tag), new CreateOptions { Parents = parents })
                .ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            // The next look tells.
        }
    }
}
