"""What the site is made of beside its hand-written pages: each module makes one kind of page or part of one."""
