"""Posts of organisations, and who holds them."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires

from ..actions.posts import make_post, set_holder
from ..forms.positions import HolderForm, PostForm
from ..models import Contact
from .organisations import visible
from .steps import done, of_contact


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request, pk):
    organisation = visible(request, pk)
    contact = Contact(is_post=True, city=organisation.city, region=organisation.region)
    contact.basis = Contact.Basis.PUBLIC_OFFICE
    form = PostForm(request.POST or None, instance=contact, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("title", "emails", "phones")}
        post = make_post(form.instance, organisation=organisation, **data, by=request.user)
        done(request, _("Saved: %(name)s") % {"name": post.name})
        return redirect("crm:contact-detail", pk=post.pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "crm/post_form.html", context, status=422 if form.errors else 200)


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@of_contact
def hold(request, post):
    """Who holds the post from now on. A post that is nowhere any more is held by nobody."""
    if not post.is_post or post.position is None:
        raise Http404
    form = HolderForm(request.POST or None, post=post, by=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        holder = data["holder"]
        step = set_holder(
            post, holder, since=data["since"], title=data["title"], ends=data.get("ends", []), by=request.user
        )
        done(request, _("%(name)s holds the post “%(post)s” now.") % {"name": holder.name, "post": post.name}, step)
        return redirect("crm:contact-detail", pk=post.pk)
    return render(request, "crm/post_holder.html", {"form": form, "post": post}, status=422 if form.errors else 200)
