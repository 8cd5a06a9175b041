using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// The root of a recipe: made when missing, with a tag that tells other recipes to keep away. A root without one is
/// accepted, since Curator writes none.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="path">The root.</param>
/// <param name="tag">The recipe's tag.</param>
/// <param name="isContainer">Whether missing parents are made as containers.</param>
/// <param name="number">The number of a root made here, 0 for none.</param>
internal sealed class LockRoot(ICoordClient client, string path, string tag, bool isContainer, long number = 0)
{
    // A container can vanish between its creation and that of a child, but not for ever.
    private const int AttemptsMax = 10;

    private volatile bool isChecked;

    internal string Path => path;

    internal string Tag => tag;

    /// <summary>Creates a child, and the root if need be.</summary>
    internal async Task<CreatedZnode> CreateChildAsync(
        string name, ReadOnlyMemory<byte> bytes, CreateOptions options, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await client.CreateAsync(ZnodePath.Combine(path, name), bytes, options, ct)
                    .ConfigureAwait(false);
            }
            catch (NoNodeException e) when (e.Outcome == Outcome.NotApplied && attempt < AttemptsMax)
            {
                await MakeAsync(ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Looks at the tag, once.</summary>
    /// <exception cref="RecipeMismatchException">The root is another recipe's.</exception>
    internal async Task CheckAsync(CancellationToken ct)
    {
        if (!isChecked && await client.TryGetAsync(path, null, ct).ConfigureAwait(false) is { } root)
            Accept(root);
    }

    /// <summary>Reads the root's mark.</summary>
    /// <exception cref="RecipeMismatchException">The root is another recipe's.</exception>
    internal RootMark Accept(Znode root)
    {
        var mark = RootMark.Read(root.Bytes.Span);
        if (mark.Tag is not null && mark.Tag != tag)
            throw new RecipeMismatchException(path, mark.Tag, tag);
        isChecked = true;
        return mark;
    }

    internal async Task MakeAsync(CancellationToken ct)
    {
        var options = new CreateOptions
        {
            Mode = isContainer ? CreateMode.Container : CreateMode.Persistent,
            Parents = isContainer ? CreateParents.Container : CreateParents.Persistent,
        };
        try
        {
            if (await client.TryCreateAsync(path, RootMark.Write(tag, number), options, ct).ConfigureAwait(false)
                is not null)
                return;
        }
        catch (NodeExistsException)
        {
            // By us or by somebody else: what is there tells whose it is.
        }

        await CheckAsync(ct).ConfigureAwait(false);
    }
}
